a-supervisor-hands-cases-over = المشرف هو من يسلّم الحالات. اسأل مشرفك.
choose-who-takes-the-case = اختر من يتولى الحالة
enter-a-reason = أدخل سببًا
case-handed-over = سُلّمت الحالة
new-worker = العامل الجديد
hand-over = تسليم الحالة
reason = السبب
choose-somebody = اختر شخصًا
a-colleague = زميل
the-case-leaves-the-former = تغادر الحالة أجهزة العامل السابق عند اتصالها القادم. والملاحظات التي كتبها ولم يرسلها تصل مع ذلك.
now-with = الآن مع { $worker }. تُنقل معها { $tasks } و{ $visits }.
open-tasks = { NUMBER($count) ->
    [zero] لا مهام مفتوحة
    [one] مهمة مفتوحة واحدة
    [two] مهمتان مفتوحتان
    [few] { NUMBER($count) } مهام مفتوحة
    [many] { NUMBER($count) } مهمة مفتوحة
   *[other] { NUMBER($count) } مهمة مفتوحة
}
planned-visits = { NUMBER($count) ->
    [zero] لا زيارات مخططة
    [one] زيارة مخططة واحدة
    [two] زيارتان مخططتان
    [few] { NUMBER($count) } زيارات مخططة
    [many] { NUMBER($count) } زيارة مخططة
   *[other] { NUMBER($count) } زيارة مخططة
}
