# The frame around every page of the front door
frame-title = Form
frame-skip = Skip to the content
frame-nav = Main menu
frame-follow = Enter your code
frame-about = How it works
frame-exit = Leave this site
frame-exit-hint = Goes to a neutral page at once
frame-exit-note = The button ‘Leave this site’ takes you to a neutral page. It does not erase your browser history; use a private window for that, or clear the history yourself.
frame-demonstration = This is a demonstration. Nothing you enter here will be dealt with.
frame-help-title = Help for you or somebody else
frame-help-lead = Did what you saw upset you, or is there more going on? You are not on your own.
frame-call = Call { $who }
frame-privacy = This site sets no cookies, runs no scripts and keeps no IP addresses.
frame-exit-region = Quick exit
