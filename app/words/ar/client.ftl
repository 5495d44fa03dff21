goals = الأهداف
no-goals-yet = لا أهداف بعد.
this-client = هذا العميل في الطريق.
all-clients = كل العملاء
write-note = كتابة ملاحظة
edit-client = تعديل العميل
hand-over = تسليم الحالة
alerts = التنبيهات
next = التالي
no-visit-planned = لا زيارة مخططة ولا مهمة مفتوحة.
write-up = كتابة ملاحظتها
a-colleague = زميل
done = تم
show-what-was-signed = عرض ما وُقّع
entered-in-error = أُدخلت خطأً
written-late = كُتبت متأخرة
arrived-after-the-case-changed = وصلت بعد انتقال الحالة
added-later = أُضيفت لاحقًا
written-without-knowing-the-addition = كُتبت دون معرفة الإضافة السابقة
how-to-reach = طريقة التواصل
no-phone-and-no-address = لا هاتف ولا عنوان بعد.
confidential-do-not-tell-anyone = سري: لا تخبر أحدًا بهذا العنوان
notes = الملاحظات
no-notes-yet-the-first = لا ملاحظات بعد. الأولى تبدأ القصة.
no-notes-here-yet-they = لا ملاحظات هنا بعد. ربما ما زالت في الطريق.
show-older-notes = عرض ملاحظات أقدم
legal-name = الاسم القانوني
age = العمر
language = اللغة
people = الأشخاص
client-number = رقم العميل
by-date = حتى { $date }
set-on = حُدِّد: { $date }
about-the-note = { $purpose } · تم التواصل مع: { $reached } · { $duration }
related-person = { $name } ({ $relationship })
related-person-of-the-household = { $name } ({ $relationship }، من نفس المنزل)
age-and-birth = { NUMBER($years) ->
    [one] سنة واحدة، الميلاد: { $born }
    [two] سنتان، الميلاد: { $born }
    [few] { NUMBER($years) } سنوات، الميلاد: { $born }
   *[other] { NUMBER($years) } سنة، الميلاد: { $born }
}
language-with-interpreter = { $language } – يلزم مترجم شفهي
amend-note-of = استكمال الملاحظة <بتاريخ { $moment }>
older-notes = { NUMBER($count) ->
    [zero] لا ملاحظات
    [one] ملاحظة واحدة
    [two] ملاحظتان
    [few] { NUMBER($count) } ملاحظات
    [many] { NUMBER($count) } ملاحظة
   *[other] { NUMBER($count) } ملاحظة
}
as-of = كما كان لدى المكتب: { $moment }
confidential-printed = سرّي. طُبع: { $moment }، بيد { $worker }.
