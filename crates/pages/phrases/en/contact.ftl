# Contacts and providers
contact-title = Contacts
contact-lead = Whom notices may be sent to. Every new contact is approved once, by a human, before its first notice.
contact-waiting = To be approved
contact-none-waiting = No contact waits for approval.
contact-providers = Providers
contact-no-providers = No provider is known yet. They appear when the host of an illegal item is found.
contact-contacts = Contacts
contact-no-contacts = No contact is known. Add one by hand.
contact-email = Mail address
contact-email-hint = The address of the abuse desk, for example abuse@hosting.example.
contact-language = Language of the notices
contact-format = Format of the notices
contact-format-mail = Mail
contact-format-mail-about = Text that people read, with every address in it, and nothing beside it.
contact-format-mail-csv = Mail with a table
contact-format-mail-csv-about = The same text, and a table (CSV) that programs and spreadsheets read. For whoever asked for nothing else.
contact-format-xarf-4 = Mail with XARF, version 4
contact-format-xarf-4-about = The same text, and a report for the abuse desk's program; one mail for each address. Only for a desk that asked for it. What is illegal under national law only goes as a mail with a table: version 4 has no class for it.
contact-format-xarf-3 = Mail with XARF, version 3
contact-format-xarf-3-about = The same, in the older version that many programs still read; one mail for each address.
contact-state = State
contact-state-unapproved = to be approved
contact-state-approved = approved
contact-state-refused = refused
contact-found = Found by
contact-found-rdap = the registration (RDAP)
contact-found-ripestat = RIPEstat
contact-found-rfc2142 = guessed: abuse@ at the domain of the network’s holder
contact-found-hand = typed by hand
contact-items = Items that wait at this provider
contact-approved-of = Contacts approved
contact-of = { $n } of { $all }
contact-open = Items still there
contact-removed = Items removed
contact-all-items = Items in all
contact-network = Network
contact-since = Known since
contact-decided = Decided
contact-next-unapproved = { $n ->
    [0] Check that this is the abuse desk of the provider, for example on its own web site. Then approve or refuse it.
    [one] { $n } item waits. Check that this is the abuse desk of the provider, for example on its own web site. Then approve or refuse it.
   *[other] { $n } items wait. Check that this is the abuse desk of the provider, for example on its own web site. Then approve or refuse it.
}
contact-next-approved = { $n ->
    [0] Notices go here by themselves. Nothing to do.
    [one] Notices go here by themselves. { $n } item of this provider waits for another reason.
   *[other] Notices go here by themselves. { $n } items of this provider wait for another reason.
}
contact-next-refused = { $n ->
    [0] No notice goes here. Nothing to do.
    [one] No notice goes here, and { $n } item waits. Find another contact of this provider, or approve this one after all.
   *[other] No notice goes here, and { $n } items wait. Find another contact of this provider, or approve this one after all.
}
contact-not-yours = An analyst or a senior analyst decides.
contact-approve = Approve
contact-approve-lead = Notices may go to this address from now on. Everything that waited for it becomes due at once.
contact-approve-button = Approve this contact
contact-refuse = Refuse
contact-refuse-lead = No notice goes to this address. What was due for it goes to another approved contact of the provider, or waits.
contact-refuse-button = Refuse this contact
contact-change = Change
contact-change-lead = Another address must be approved again before a notice goes there. Another language or format need not.
contact-change-button = Save
contact-add = Add a contact
contact-add-lead = It must be approved like any other before its first notice.
contact-add-button = Add
contact-notices = Latest notices
contact-no-notices = No notice went here yet.
contact-provider-next = { $n ->
    [one] { $n } item waits for a contact. Approve one of those below, or add the right one.
   *[other] { $n } items wait for a contact. Approve one of those below, or add the right one.
}
contact-provider-nothing = Nothing waits for a contact here. Nothing to do.
contact-to-takedowns = Takedowns at this provider
contact-fault-email = This is not the form of a mail address, such as abuse@hosting.example.
contact-fault-placeholder = This address is a placeholder of a registry, or nobody reads it.
contact-fault-language = Choose a language.
contact-fault-format = Choose a format.
contact-fault-taken = The provider has a contact with this address already.
contact-fault-unaltered = Nothing was altered.
contact-fault-already = It is as asked already. Nothing was done.
told-contact-approved = The contact was approved. What waited for it goes on.
told-contact-refused = The contact was refused.
told-contact-changed = The contact was changed. Another address must be approved again.
told-contact-added = The contact was added. Approve it before the first notice.
