"""Events sent to addresses that a person names: `webhook` sends, `payloads` has the words of each kind of receiver,
`signing` says who sent it, `through_apprise` hands over to a library that knows a hundred more.
"""
