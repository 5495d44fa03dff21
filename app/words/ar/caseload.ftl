not-reached-yet = لم يتم التواصل بعد
nothing-found = لم يُعثر على شيء
show-more-results = عرض المزيد من النتائج
no-client-and-no-note = لا عميل ولا ملاحظة فيها كل هذه الكلمات. جرّب كلمات أقل أو كتابة أخرى.
nothing-found-so-far-part = لم يُعثر على شيء حتى الآن. جزء من حالاتك ما زال في الطريق.
no-clients-yet-they-appear = لا عملاء بعد. يظهرون هنا عند إسناد أحدهم إليك.
your-clients-are-on-their = عملاؤك في الطريق.
alert = تنبيه
caseload = الحالات
search-clients-and-notes = البحث في العملاء والملاحظات
sort-by = الترتيب حسب
name = الاسم
risk = الخطر
last-contact = آخر تواصل
reached = تم التواصل { $ago }
task-due = مهمة: { $due }
contact-due = تواصل: { $due }
the-first-results = { NUMBER($count) ->
    [one] أول نتيجة
    [two] أول نتيجتين
    [few] أول { NUMBER($count) } نتائج
   *[other] أول { NUMBER($count) } نتيجة
}
results = { NUMBER($count) ->
    [zero] لا نتائج
    [one] نتيجة واحدة
    [two] نتيجتان
    [few] { NUMBER($count) } نتائج
    [many] { NUMBER($count) } نتيجة
   *[other] { NUMBER($count) } نتيجة
}
clients = { NUMBER($count) ->
    [zero] لا عملاء
    [one] عميل واحد
    [two] عميلان
    [few] { NUMBER($count) } عملاء
    [many] { NUMBER($count) } عميلًا
   *[other] { NUMBER($count) } عميلًا
}
show-all-clients = عرض كل العملاء
