"""The operator's JSON under `/_fake/`: moving the clock, playing shoppers and banks, disturbing, looking."""
