"""What happens: every change to any object is a verb of one of these modules, whoever asked for it."""
