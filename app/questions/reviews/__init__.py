"""题目送审单: a 经办人 puts questions on a sheet, a second person looks at them and decides."""
