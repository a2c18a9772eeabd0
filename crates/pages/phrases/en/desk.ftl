# What every page of the desk may say
desk-summary = Please look at this again
desk-cancel = Cancel
desk-to-start = To the start
desk-fault-title = This did not work
desk-fault-not-found = This page does not exist, or it is not for your role.
desk-fault-stale = Somebody changed this while you were looking at it. Nothing was done. Open the page again to see how it stands now.
desk-fault-form = The form could not be read. Nothing was done. Go back and try again.
desk-fault-token = This page was open for too long, or in another session. Nothing was done. Open the page again and repeat what you did.
desk-fault-sign-in = You are no longer signed in. What you sent was not done.
desk-fault-disk = The disk is full, so nothing can be stored. Tell the administrator of the machine at once.
desk-fault-broken = Something went wrong on our side. Nothing was done. Try again; if it stays, tell the administrator of the machine.
desk-fault-shredded = The key was destroyed, so this can never be read again.
desk-fault-busy = Too many people are signing in at this moment. Try again in a few seconds.
