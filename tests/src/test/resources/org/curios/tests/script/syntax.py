x = 1
y = foo bar
