narrow = Filtrar por palabras
columns = Columnas
all-cases = Todos los casos
contact-due = Contacto previsto
late-tasks = Tareas atrasadas
programme = Programa
state = Estado
as-a-table = Como tabla
rows = { NUMBER($count) ->
    [one] { NUMBER($count) } fila
   *[other] { NUMBER($count) } filas
}
save-as-a-file = Guardar como archivo
save-it = Sí, guardarlo
anybody-can-read-the-file = Quien tenga el archivo puede leerlo: Doorstep ya no lo protege. Contiene las filas y columnas que usted ve. Quién lo guardó, y qué casos, queda escrito en el registro de auditoría.
do-not-save-it = No, no guardarlo
