choose-the-client = Elija el cliente
notes-to-file = Notas por archivar
you-wrote-these-while = Usted escribió esto mientras este dispositivo estaba bloqueado. Diga de qué cliente se trata cada nota, luego revísela y fírmela.
nothing-waits-to-be-filed = No hay nada por archivar.
client = Cliente
say-which-client = Diga de qué cliente se trata
written = Escrito: { $moment }
check-and-sign-about = Revisar y firmar <lo que trata de { $about }>
you-wrote-while-locked = Usted escribió mientras este dispositivo estaba bloqueado.
count-to-file = { NUMBER($count) ->
    [one] { NUMBER($count) } nota por archivar
   *[other] { NUMBER($count) } notas por archivar
}
