# Wat elke pagina van het bureau kan zeggen
desk-summary = Kijk hier nog eens naar
desk-cancel = Annuleren
desk-to-start = Naar het begin
desk-fault-title = Dit is niet gelukt
desk-fault-not-found = Deze pagina bestaat niet, of is niet voor uw rol.
desk-fault-stale = Iemand heeft dit veranderd terwijl u keek. Er is niets gedaan. Open de pagina opnieuw om te zien hoe het er nu voor staat.
desk-fault-form = Het formulier was niet te lezen. Er is niets gedaan. Ga terug en probeer het opnieuw.
desk-fault-token = Deze pagina stond te lang open, of hoort bij een andere sessie. Er is niets gedaan. Open de pagina opnieuw en herhaal wat u deed.
desk-fault-sign-in = U bent niet meer aangemeld. Wat u verstuurde is niet gedaan.
desk-fault-disk = De schijf is vol, er kan niets worden opgeslagen. Waarschuw meteen de beheerder van de machine.
desk-fault-broken = Er ging bij ons iets mis. Er is niets gedaan. Probeer het opnieuw; blijft het zo, waarschuw dan de beheerder van de machine.
desk-fault-shredded = De sleutel is vernietigd; dit is nooit meer te lezen.
desk-fault-busy = Er melden zich op dit moment te veel mensen aan. Probeer het over een paar seconden opnieuw.
