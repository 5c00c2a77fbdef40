"""What a loan costs, item by item: the sheet that is printed, read and confirmed, and the fees it lets us charge.

`items` are values made of a case, `rules` judge them, `models` keeps sheets, readings, confirmations and receipts, `steps` is what
actions and higher rooms ask.
"""
