before-you-knock = قبل أن تطرق الباب
who-lives-there = من يسكن هناك
nobody-else-is-known = لا يُعرف أن أحدًا آخر يسكن هناك.
you-promised = ما وعدت به
nothing-is-open = لا شيء معلّق.
last-time = آخر مرة: { $day }
read-the-note = اقرأ الملاحظة
show-on-a-map = اعرض على الخريطة
ready-without-a-signal = جاهزة من دون إشارة
still-on-its-way = ما زالت في الطريق
not-whole-on-this-device = غير كاملة على هذا الهاتف – اتصل قبل أن تذهب
visits-tomorrow = زيارات الغد
no-visits-today = لا زيارات مقررة اليوم.
all-ready = { NUMBER($count) ->
    [zero] لا زيارات.
    [one] زيارتك جاهزة على هذا الهاتف.
    [two] الزيارتان جاهزتان على هذا الهاتف.
    [few] الزيارات الـ{ NUMBER($count) } جاهزة على هذا الهاتف.
    [many] الزيارات الـ{ NUMBER($count) } جاهزة على هذا الهاتف.
   *[other] الزيارات الـ{ NUMBER($count) } جاهزة على هذا الهاتف.
}
some-not-ready = { NUMBER($ready) } من { NUMBER($all) } زيارات جاهزة على هذا الهاتف.
