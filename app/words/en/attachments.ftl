photos-and-documents = Photos and documents
untitled = Untitled
photos-and-documents-not-sent = Photos and documents not sent yet
photo-or-document = Photo or document
a-client = A client who is not on this device any more
this-phone = This phone has the only copy. Removed, nobody can see it any more; the note goes on naming it.
this-phone-could = This phone could not do it now. Try again.
try-again = Try again
remove-the-only-copy = Remove the only copy
remove = Remove
set-up-this-device = Set up this device
sealing-it-on-this-phone = Sealing it on this phone…
take-photo = Take photo
add-photo-or-document = Add photo or document
where-and-when-a-photo = Where and when a photo was taken is removed from it. The note does not wait for it.
title = Title
saved-on-this-phone = Saved on this phone
received = Received
needs-you = Needs you
it-is-larger-than-25 = It is larger than 25 MB.
remove-it-here-and-attach = Remove it here, and attach a smaller one with an addition to the note.
the-server-cannot-read = The server cannot read it as a photo or PDF.
look-at = Look at it. If you can see it, try again; if not, remove it.
the-photo-still-says = The photo still says where or when it was taken.
update-doorstep-and-try-again = Update Doorstep and try again.
the-server-knows-something-else = The server knows something else under its number.
try-again-if-it-stays = Try again. If it stays here, tell your supervisor.
it-did-not-arrive = It did not arrive as it was taken: part of it is damaged on this phone.
try-again-if-it-stays-here = Try again. If it stays here, remove it and take it anew.
the-server-did-not-take = The server did not take it.
this-is-no-photo = This is no photo or PDF that can be read here. Choose a JPEG, PNG or WebP picture or a PDF
this-is-larger-than-25 = This is larger than 25 MB. Choose a smaller one
this-phone-has-no-room = This phone has no room left for it. The note can be signed without it; free some space and try again
it-is = It is not on this phone any more, and there is no connection. Try again when you are online
it-has-not-arrived = It has not arrived on the server yet
it-is-damaged = It is damaged: it is not what was attached to the note
this-phone-could-not-do-it-now = This phone could not do it now. Try again
photo = Photo
on-its-way = On its way
close = Close
open = Open
save-a-copy = Save a copy of the PDF
the-copy-lies-unsealed-among = The copy lies unsealed among this device's downloads. Delete it when you have read it.
the-note-is-not-touched = The note itself is not touched by it.
saved-and-partly-sent = Saved on this phone – { NUMBER($sent) } of { NUMBER($all) } sent
sending-part = Sending { NUMBER($sent) } of { NUMBER($all) }
kind-and-size = { $kind }, { $size }
set-up-to-attach = Photos and documents are kept sealed until they are sent. { $link } to attach them.
at-most-10 = { $name }: a note has at most 10 photos and documents. Write an addition for the rest.
not-taken = { $name }: { $problem }.
not-here-any-more = { $name }: it is not on this phone any more. Add it again.
shared-waits = { NUMBER($count) ->
    [one] A photo or document from another app waits
   *[other] { NUMBER($count) } photos or documents from another app wait
}
open-the-client-it-belongs-to = Open the client it belongs to, write a note, and add it there. It is kept in this page only until then.
do-not-add-it = Do not add it
add-what-was-shared = { NUMBER($count) ->
    [one] Add what the other app shared
   *[other] Add { NUMBER($count) } that the other app shared
}
