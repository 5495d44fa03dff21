choose-the-client = اختر العميل
notes-to-file = ملاحظات بانتظار الحفظ
you-wrote-these-while = كتبتَ هذه بينما كان هذا الجهاز مقفلًا. حدّد العميل لكل ملاحظة، ثم راجعها ووقّعها.
nothing-waits-to-be-filed = لا شيء بانتظار الحفظ.
client = العميل
say-which-client = حدّد العميل
written = كُتب: { $moment }
check-and-sign-about = مراجعة وتوقيع <ما يخص { $about }>
you-wrote-while-locked = كتبتَ بينما كان هذا الجهاز مقفلًا.
count-to-file = { NUMBER($count) ->
    [zero] لا ملاحظات للحفظ
    [one] ملاحظة واحدة بانتظار الحفظ في ملفها
    [two] ملاحظتان بانتظار الحفظ في ملفهما
    [few] { NUMBER($count) } ملاحظات بانتظار الحفظ في ملفاتها
    [many] { NUMBER($count) } ملاحظة بانتظار الحفظ في ملفاتها
   *[other] { NUMBER($count) } ملاحظة بانتظار الحفظ في ملفاتها
}
