today = اليوم
yesterday = أمس
tomorrow = غدًا
month-short = { NUMBER($month) ->
    [1] يناير
    [2] فبراير
    [3] مارس
    [4] أبريل
    [5] مايو
    [6] يونيو
    [7] يوليو
    [8] أغسطس
    [9] سبتمبر
    [10] أكتوبر
    [11] نوفمبر
   *[other] ديسمبر
}
month = { NUMBER($month) ->
    [1] يناير
    [2] فبراير
    [3] مارس
    [4] أبريل
    [5] مايو
    [6] يونيو
    [7] يوليو
    [8] أغسطس
    [9] سبتمبر
    [10] أكتوبر
    [11] نوفمبر
   *[other] ديسمبر
}
weekday-short = { NUMBER($weekday) ->
    [0] الاثنين
    [1] الثلاثاء
    [2] الأربعاء
    [3] الخميس
    [4] الجمعة
    [5] السبت
   *[other] الأحد
}
weekday = { NUMBER($weekday) ->
    [0] الاثنين
    [1] الثلاثاء
    [2] الأربعاء
    [3] الخميس
    [4] الجمعة
    [5] السبت
   *[other] الأحد
}
weekday-and-date = { $weekday } { $date }
day-and-month = { $day } { $month }
day-month-and-year = { $day } { $month } { $year }
full-date = { $day } { $month } { $year }
long-day = { $weekday }، { $day } { $month }
moment = { $day } { $clock }
days-late = { NUMBER($days) ->
    [zero] في الموعد
    [one] متأخر يومًا واحدًا
    [two] متأخر يومين
    [few] { NUMBER($days) } أيام تأخير
    [many] { NUMBER($days) } يومًا تأخير
   *[other] { NUMBER($days) } يومًا تأخير
}
due-today = يحل موعده اليوم
due-tomorrow = يحل موعده غدًا
due-in = { NUMBER($days) ->
    [one] موعده بعد يوم واحد
    [two] موعده بعد يومين
    [few] موعده بعد { NUMBER($days) } أيام
   *[other] موعده بعد { NUMBER($days) } يومًا
}
due-on = الموعد { $date }
just-today = اليوم
just-yesterday = أمس
days-ago = { NUMBER($days) ->
    [one] قبل يوم
    [two] قبل يومين
    [few] قبل { NUMBER($days) } أيام
   *[other] قبل { NUMBER($days) } يومًا
}
months-ago = { NUMBER($months) ->
    [one] قبل شهر
    [two] قبل شهرين
    [few] قبل { NUMBER($months) } أشهر
   *[other] قبل { NUMBER($months) } شهرًا
}
years-ago = { NUMBER($years) ->
    [one] قبل سنة
    [two] قبل سنتين
    [few] قبل { NUMBER($years) } سنوات
   *[other] قبل { NUMBER($years) } سنة
}
minutes-short = { NUMBER($minutes) } د
hours-short = { NUMBER($hours) } س
hours-and-minutes-short = { NUMBER($hours) } س { NUMBER($minutes) } د
seconds = { NUMBER($seconds) ->
    [zero] 0 ثوانٍ
    [one] ثانية واحدة
    [two] ثانيتان
    [few] { NUMBER($seconds) } ثوانٍ
    [many] { NUMBER($seconds) } ثانية
   *[other] { NUMBER($seconds) } ثانية
}
minutes = { NUMBER($minutes) ->
    [zero] 0 دقائق
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { NUMBER($minutes) } دقائق
    [many] { NUMBER($minutes) } دقيقة
   *[other] { NUMBER($minutes) } دقيقة
}
hours = { NUMBER($hours) ->
    [zero] 0 ساعات
    [one] ساعة واحدة
    [two] ساعتان
    [few] { NUMBER($hours) } ساعات
    [many] { NUMBER($hours) } ساعة
   *[other] { NUMBER($hours) } ساعة
}
days = { NUMBER($days) ->
    [zero] 0 أيام
    [one] يوم واحد
    [two] يومان
    [few] { NUMBER($days) } أيام
    [many] { NUMBER($days) } يومًا
   *[other] { NUMBER($days) } يومًا
}
bytes = { $size } بايت
kilobytes = { $size } كيلوبايت
megabytes = { $size } ميغابايت
gigabytes = { $size } غيغابايت
good-morning = صباح الخير
good-afternoon = مساء الخير
good-evening = مساء الخير
greeting = { $greeting }، { $name }
month-and-year = { $month } { $year }
