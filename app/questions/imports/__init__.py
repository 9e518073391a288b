"""Files of questions: read by a job, looked at beside their source, taken into the bank."""
