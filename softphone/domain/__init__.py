"""What is true about volunteers, phones and calls, whoever asks: values and rules, no I/O, no clock."""
