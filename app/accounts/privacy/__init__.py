"""What somebody may ask of the site about himself: photo, copy of his data, being forgotten."""
