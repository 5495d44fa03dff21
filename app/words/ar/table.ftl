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
