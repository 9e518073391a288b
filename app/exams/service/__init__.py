"""The exams' acts and questions: papers, sittings, grading, results, result sheets."""
