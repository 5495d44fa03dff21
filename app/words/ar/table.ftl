narrow = تصفية بأي كلمات
columns = الأعمدة
all-cases = كل الحالات
contact-due = موعد التواصل
late-tasks = مهام متأخرة
programme = البرنامج
state = الحالة
as-a-table = كجدول
rows = { NUMBER($count) ->
    [zero] لا صفوف
    [one] صف واحد
    [two] صفان
    [few] { NUMBER($count) } صفوف
    [many] { NUMBER($count) } صفًا
   *[other] { NUMBER($count) } صف
}
save-as-a-file = احفظ كملف
save-it = نعم، احفظه
anybody-can-read-the-file = كل من لديه الملف يستطيع قراءته: لا يحميه Doorstep بعد ذلك. يحتوي الصفوف والأعمدة التي تراها. ويُكتب في سجل التدقيق من حفظه وأي حالات.
do-not-save-it = لا، لا تحفظه
