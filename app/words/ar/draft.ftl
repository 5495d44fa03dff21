discard-draft = تجاهل المسودة
draft-from-an-earlier-visit = مسودة من زيارة سابقة لهذه الصفحة
draft-saved-on-this-phone = المسودة محفوظة على هذا الهاتف
draft-kept-in-this-page = المسودة محفوظة في هذه الصفحة فقط
draft-not-kept-this-device = لم تُحفظ المسودة: لا مساحة على هذا الجهاز. أرسل النموذج أو أفرغ بعض المساحة
draft-not-kept-yet-leave = لم تُحفظ المسودة بعد. اترك هذه الصفحة مفتوحة
draft-from = مسودة من { $moment }
draft-discarded = أُلغيت المسودة
