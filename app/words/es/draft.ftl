discard-draft = Descartar borrador
draft-from-an-earlier-visit = Borrador de una visita anterior a esta página
draft-saved-on-this-phone = Borrador guardado en este teléfono
draft-kept-in-this-page = Borrador guardado solo en esta página
draft-not-kept-this-device = Borrador sin guardar: este dispositivo no tiene espacio. Envíe el formulario o libere espacio
draft-not-kept-yet-leave = Borrador aún sin guardar. Deje abierta esta página
draft-from = Borrador: { $moment }
draft-discarded = Borrador descartado
