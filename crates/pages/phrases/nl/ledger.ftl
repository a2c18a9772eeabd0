# Het grootboek
ledger-title = Grootboek
ledger-lead = Alles wat gedaan is, op volgorde. Geen regel kan worden gewijzigd of weggehaald zonder de keten te breken.
ledger-verify = De keten nagaan
ledger-export = Uitvoeren als JSON-regels
ledger-kind = Wat er gebeurde
ledger-any = alles
ledger-subject-or-actor = Waarmee, of door wie (id)
ledger-day = Op welke dag
ledger-bad-day = Dit is geen dag.
ledger-show = Tonen
ledger-all = Alles tonen
ledger-none = Geen regel past.
ledger-line = Regel
ledger-when = Wanneer
ledger-what = Wat
ledger-who = Door wie
ledger-subject = Waarmee
ledger-details = Bijzonderheden
ledger-because = Reden: { $reason }
ledger-pages = Bladzijden
ledger-latest = Laatste
ledger-older = Ouder
ledger-whole = De keten is heel: { $lines ->
    [one] { $lines } regel
   *[other] { $lines } regels
}, getoetst aan { $points ->
    [0] geen ijkpunt
    [one] { $points } ijkpunt
   *[other] { $points } ijkpunten
}.
ledger-gap = Regel { $seq } ontbreekt.
ledger-changed = Regel { $seq } is gewijzigd, of de regel ervoor.
ledger-cut = Het grootboek eindigt bij regel { $last }, maar zou tot { $head } moeten lopen: het einde is afgesneden.
ledger-not-in-chain = Het ijkpunt bij regel { $seq } staat niet in dit grootboek: het is afgesneden of teruggezet.
ledger-bad-signature = Het ijkpunt bij regel { $seq } is niet getekend met de sleutel van dit meldpunt.
ledger-checkpoints-unreadable = Het bestand met ijkpunten is niet te lezen, dus het grootboek is niet nagegaan.
# De feiten
fact-report-received = Melding ontvangen
fact-address-sighted = Adres genoemd
fact-address-reopened = Adres heropend
fact-visit-ended = Bezoek afgerond
fact-visit-put-off = Bezoek uitgesteld
fact-visit-wanted = Nieuw bezoek gevraagd
fact-item-found = Onderdeel gevonden
fact-report-taken = Melding genomen
fact-report-given-back = Melding teruggegeven
fact-hold-lapsed = Vasthouden verlopen
fact-veiled-shown = Verhulde voorbeelden getoond
fact-revealed = Origineel getoond
fact-screenshot-revealed = Schermafdruk getoond
fact-words-shown = Woorden van de melder getoond
fact-content-judged = Inhoud beoordeeld
fact-judgement-undone = Oordeel teruggenomen
fact-item-judged = Onderdeel beoordeeld
fact-report-closed = Melding gesloten
fact-address-closed = Adres gesloten
fact-takedown-opened = Verwijdering begonnen
fact-host-located = Host gevonden
fact-locating-put-off = Zoeken van de host uitgesteld
fact-to-be-forwarded = Door te sturen
fact-police-hold-placed = Aangehouden voor de politie
fact-police-hold-released = Aanhouding vrijgegeven
fact-police-hold-lapsed = Aanhouding verlopen
fact-provider-found = Aanbieder gevonden
fact-contact-found = Contact gevonden
fact-contact-approved = Contact goedgekeurd
fact-contact-refused = Contact afgewezen
fact-notice-drawn-up = Verzoek opgesteld
fact-notice-names-item = Verzoek noemt een onderdeel
fact-notice-accepted = Verzoek aangenomen door de mailserver
fact-provider-told = Aanbieder ingelicht
fact-notice-put-off = Verzoek uitgesteld
fact-notice-failed = Verzoek mislukt
fact-notice-retried = Verzoek opnieuw verstuurd
fact-checked = Nagekeken
fact-removed = Verwijderd
fact-reappeared = Weer verschenen
fact-takedown-ended = Verwijdering beëindigd
fact-canary = Proef van onze eigen lijn
fact-staff-added = Medewerker toegevoegd
fact-staff-roles-changed = Rollen gewijzigd
fact-staff-closed = Account gesloten
fact-credential-changed = Aanmeldgegeven gewijzigd
fact-signed-in = Aangemeld
fact-sign-in-refused = Aanmelden geweigerd
fact-signed-out = Afgemeld
fact-setting-changed = Instelling gewijzigd
fact-key-shredded = Sleutel vernietigd
fact-exported = Uitgevoerd
fact-host-changed = Host gewijzigd
fact-contact-awaited = Wacht op een goedgekeurd contact
fact-notice-due = Verzoek nodig
fact-contact-changed = Contact gewijzigd
fact-notice-unsure = Onzeker of het verzoek verstuurd is
fact-takedown-reopened = Verwijdering heropend
fact-item-unjudged = Oordeel over onderdeel vervallen
fact-check-wanted = Nieuwe controle gevraagd
