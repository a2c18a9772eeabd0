# The chat line on WhatsApp and Telegram
chat-welcome =
    This is the report line of { $hotline }. You can report here what you saw in a chat or on the internet.

    Send the web address, or tell where you saw it. Do not send pictures or videos: we do not take them.

    This is not for emergencies: call 112. The company behind this app can see that you write to us. To report without anybody knowing, go to { $page }. You can delete this conversation in your own app; with us it disappears by itself.

    Send HELP to learn more, NEDERLANDS voor Nederlands, STOP to end.
chat-distress-danger = Is somebody in danger now? Do not wait for us and get help at once:
chat-distress-threat = Are you being threatened or blackmailed? Do not pay, send nothing more and get help. It is not your fault:
chat-distress-own-picture = Is it a picture of you or of your child? It is not your fault, and there is help to get it taken away:
chat-distress-own-behaviour = Do you worry about your own behaviour? You can talk about it without saying who you are:
chat-noted-addresses = Noted, not yet reported:
chat-noted-more = … and { $more } more
chat-noted-words = We noted what you wrote. It is not yet reported.
chat-noted-ask = Send YES to report it, or write on. If you write nothing more, we report it by ourselves in a while.
chat-no-media = We did not fetch your file and did not look at it. Rather send the web address, or the name of the group or account. Do not keep it and do not pass it on.
chat-no-personal = We do not keep contacts or places. We threw it away.
chat-not-read = We cannot read this kind of message. Send the web address, or write what you saw.
chat-how-to = Send the web address, or write what you saw and where. Then we ask whether we may report it so.
chat-help =
    How it works: you send a web address or write what you saw, you send YES, and you get a code. A human looks at it.

    STATUS: what became of my report? NEW: another report. STOP: end; what you wrote is reported. NEDERLANDS: Nederlands.

    Help for yourself:
chat-go-on = All right, write on. Send YES when it is complete.
chat-speaking = We go on in English.
chat-no-report = You have not reported anything here yet.
chat-registered =
    Your report is stored. Your code is { $receipt }

    With this code you can see on { $page } what happened. You can also send STATUS here. Thank you.
chat-registered-silence =
    As nothing more came, we reported what you wrote. Your code is { $receipt }

    With this code you can see on { $page } what happened. You can also send STATUS here. Thank you.
chat-stopped = We do not write to you any more. If you write to us again, we begin anew.
chat-status-received = Your report is here and waits to be looked at.
chat-status-being-assessed = Your report is being looked at.
chat-status-sent-on = Your report was passed on to those who can act.
chat-status-removed = What you reported is gone.
chat-status-not-illegal = What you reported was looked at and is not illegal.
chat-status-closed = Your report is closed. Nothing was to be found, or we could not act on it.
chat-status-unknown = We cannot see now what became of your report. Try again later.
chat-mark-photo = picture, not fetched
chat-mark-video = video, not fetched
chat-mark-sound = sound, not fetched
chat-mark-file = file, not fetched
chat-mark-sticker = sticker, not fetched
chat-mark-forwarded = passed on
chat-mark-forwarded-often = passed on many times
chat-mark-edited = later changed to
chat-mark-taken-back = the sender took a message back

fact-conversation-begun = Chat conversation begun
fact-conversation-reported = Report made of a chat conversation
fact-chat-text-not-delivered = Chat message not delivered
