due-this-week = المستحق هذا الأسبوع
nothing-is-due = لا شيء مستحق في الأيام السبعة القادمة.
show-all-that-is-due = عرض كل المستحق
done = تم
today = اليوم
no-client-data = لا بيانات عملاء في دورك
administrators-look-after-programmes-people = يعتني مديرو النظام بالبرامج والأشخاص والنماذج. ولحماية العملاء لا تظهر سجلاتهم إلا لعمال حالتهم ومشرفيها.
your-clients-are-on-their = عملاؤك في الطريق.
see-them-now = عرضهم الآن
be-in-touch = التواصل
visits-today = زيارات اليوم
no-visits-planned = لا زيارات مخططة للأيام السبعة القادمة.
no-visits-planned-today-next = لا زيارات مخططة اليوم. التالي:
confidential-address = عنوان سري
done-and-saved = أُنجزت: { $task }. محفوظ على هذا الهاتف.
done-and-waiting = أُنجزت: { $task }. بانتظار الإرسال – أبقِ هذه الصفحة مفتوحة.
clients-are-here-already = { NUMBER($count) ->
    [one] عميل واحد هنا بالفعل.
    [two] عميلان هنا بالفعل.
    [few] { NUMBER($count) } عملاء هنا بالفعل.
   *[other] { NUMBER($count) } عميلًا هنا بالفعل.
}
count-more = { NUMBER($count) } أخرى
write-note-for = كتابة ملاحظة <عن { $client }>
