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
