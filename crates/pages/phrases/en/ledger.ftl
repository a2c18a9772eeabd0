# The ledger
ledger-title = Ledger
ledger-lead = Everything that was done, in order. No line can be changed or removed without breaking the chain.
ledger-verify = Verify the chain
ledger-export = Export as JSON lines
ledger-kind = What happened
ledger-any = anything
ledger-subject-or-actor = To which thing, or by whom (id)
ledger-day = On which day
ledger-bad-day = This is no day.
ledger-show = Show
ledger-all = Show all
ledger-none = No line fits.
ledger-line = Line
ledger-when = When
ledger-what = What
ledger-who = By whom
ledger-subject = To which thing
ledger-details = Details
ledger-because = Reason: { $reason }
ledger-pages = Pages
ledger-latest = Latest
ledger-older = Older
ledger-whole = The chain is whole: { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
}, held against { $points ->
    [0] no checkpoint
    [one] { $points } checkpoint
   *[other] { $points } checkpoints
}.
ledger-gap = Line { $seq } is missing.
ledger-changed = Line { $seq } was changed, or the line before it was.
ledger-cut = The ledger ends at line { $last }, but its head says { $head }: the end was cut off.
ledger-not-in-chain = The checkpoint at line { $seq } is not in this ledger: it was cut off or put back.
ledger-bad-signature = The checkpoint at line { $seq } is not signed by the key of this hotline.
ledger-checkpoints-unreadable = The file of checkpoints cannot be read, so the ledger was not verified.
# The facts
fact-report-received = Report received
fact-address-sighted = Address named
fact-address-reopened = Address reopened
fact-visit-ended = Visit ended
fact-visit-put-off = Visit put off
fact-visit-wanted = Another visit asked for
fact-item-found = Item found
fact-report-taken = Report taken
fact-report-given-back = Report given back
fact-hold-lapsed = Hold lapsed
fact-veiled-shown = Veiled previews shown
fact-revealed = Original shown
fact-screenshot-revealed = Screenshot shown
fact-words-shown = Sender’s words shown
fact-content-judged = Content judged
fact-judgement-undone = Judgement taken back
fact-item-judged = Item judged
fact-report-closed = Report closed
fact-address-closed = Address closed
fact-takedown-opened = Takedown opened
fact-host-located = Host located
fact-locating-put-off = Locating put off
fact-to-be-forwarded = To be forwarded
fact-police-hold-placed = Held for the police
fact-police-hold-released = Police hold released
fact-police-hold-lapsed = Police hold lapsed
fact-provider-found = Provider found
fact-contact-found = Contact found
fact-contact-approved = Contact approved
fact-contact-refused = Contact refused
fact-notice-drawn-up = Notice drawn up
fact-notice-names-item = Notice names an item
fact-notice-accepted = Notice accepted by the relay
fact-provider-told = Provider told
fact-notice-put-off = Notice put off
fact-notice-failed = Notice failed
fact-notice-retried = Notice sent again
fact-checked = Checked
fact-removed = Removed
fact-reappeared = Reappeared
fact-takedown-ended = Takedown ended
fact-canary = Canary of our own line
fact-staff-added = Staff added
fact-staff-roles-changed = Roles changed
fact-staff-closed = Account closed
fact-credential-changed = Credential changed
fact-signed-in = Signed in
fact-sign-in-refused = Sign-in refused
fact-signed-out = Signed out
fact-setting-changed = Setting changed
fact-key-shredded = Key destroyed
fact-exported = Exported
fact-host-changed = Host changed
fact-contact-awaited = Waiting for an approved contact
fact-notice-due = Notice due
fact-contact-changed = Contact changed
fact-notice-unsure = Unsure whether the notice was sent
fact-takedown-reopened = Takedown reopened
fact-item-unjudged = Item no longer judged
fact-check-wanted = Another check asked for
