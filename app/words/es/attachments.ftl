photos-and-documents = Fotos y documentos
untitled = Sin título
photos-and-documents-not-sent = Fotos y documentos sin enviar
photo-or-document = Foto o documento
a-client = Un cliente que ya no está en este dispositivo
this-phone = Este teléfono tiene la única copia. Si la elimina, nadie podrá verla; la nota la seguirá mencionando.
this-phone-could = Este teléfono no pudo hacerlo ahora. Intente de nuevo.
try-again = Intentar de nuevo
remove-the-only-copy = Eliminar la única copia
remove = Eliminar
set-up-this-device = Configure este dispositivo
sealing-it-on-this-phone = Sellando en este teléfono…
take-photo = Tomar foto
add-photo-or-document = Agregar foto o documento
where-and-when-a-photo = Se quita dónde y cuándo se tomó la foto. La nota no la espera.
title = Título
saved-on-this-phone = Guardado en este teléfono
received = Recibido
needs-you = Necesita su atención
it-is-larger-than-25 = Pesa más de 25 MB.
remove-it-here-and-attach = Elimínelo aquí y adjunte uno más pequeño con una adición a la nota.
the-server-cannot-read = El servidor no puede leerlo como foto o PDF.
look-at = Mírelo. Si puede verlo, intente de nuevo; si no, elimínelo.
the-photo-still-says = La foto todavía dice dónde o cuándo se tomó.
update-doorstep-and-try-again = Actualice Doorstep e intente de nuevo.
the-server-knows-something-else = El servidor conoce otra cosa con ese número.
try-again-if-it-stays = Intente de nuevo. Si se queda aquí, avise a su supervisor.
it-did-not-arrive = No llegó como se tomó: una parte está dañada en este teléfono.
try-again-if-it-stays-here = Intente de nuevo. Si se queda aquí, elimínelo y tómelo otra vez.
the-server-did-not-take = El servidor no lo aceptó.
this-is-no-photo = Esto no es una foto ni un PDF que se pueda leer aquí. Elija una imagen JPEG, PNG o WebP, o un PDF
this-is-larger-than-25 = Pesa más de 25 MB. Elija uno más pequeño
this-phone-has-no-room = Este teléfono no tiene espacio para esto. Puede firmar la nota sin él; libere espacio e intente de nuevo
it-is = Ya no está en este teléfono y no hay conexión. Intente de nuevo cuando esté en línea
it-has-not-arrived = Todavía no llegó al servidor
it-is-damaged = Está dañado: no es lo que se adjuntó a la nota
this-phone-could-not-do-it-now = Este teléfono no pudo hacerlo ahora. Intente de nuevo
photo = Foto
on-its-way = En camino
close = Cerrar
open = Abrir
save-a-copy = Guardar una copia del PDF
the-copy-lies-unsealed-among = La copia queda sin sellar entre las descargas de este dispositivo. Bórrela cuando la haya leído.
the-note-is-not-touched = La nota misma no cambia por esto.
saved-and-partly-sent = Guardado en este teléfono – enviado: { NUMBER($sent) } de { NUMBER($all) }
sending-part = Enviando { NUMBER($sent) } de { NUMBER($all) }
kind-and-size = { $kind }, { $size }
set-up-to-attach = Las fotos y los documentos se guardan sellados hasta que se envían. { $link } para adjuntarlos.
at-most-10 = { $name }: una nota tiene como máximo 10 fotos y documentos. Escriba una adición para el resto.
not-taken = { $name }: { $problem }.
not-here-any-more = { $name }: ya no está en este teléfono. Agréguelo otra vez.
shared-waits = { NUMBER($count) ->
    [one] Espera una foto o un documento de otra aplicación
   *[other] Esperan { NUMBER($count) } fotos o documentos de otra aplicación
}
open-the-client-it-belongs-to = Abra el cliente al que pertenece, escriba una nota y agréguelo ahí. Hasta entonces se guarda solo en esta página.
do-not-add-it = No agregarlo
add-what-was-shared = { NUMBER($count) ->
    [one] Agregar lo que compartió la otra aplicación
   *[other] Agregar { NUMBER($count) } que compartió la otra aplicación
}
