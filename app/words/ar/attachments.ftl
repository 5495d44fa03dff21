photos-and-documents = الصور والمستندات
untitled = بلا عنوان
photos-and-documents-not-sent = صور ومستندات لم تُرسل بعد
photo-or-document = صورة أو مستند
a-client = عميل لم يعد على هذا الجهاز
this-phone = النسخة الوحيدة على هذا الهاتف. إذا حُذفت فلن يراها أحد بعد الآن؛ وتبقى الملاحظة تذكرها.
this-phone-could = لم يستطع هذا الهاتف ذلك الآن. حاول من جديد.
try-again = حاول من جديد
remove-the-only-copy = حذف النسخة الوحيدة
remove = حذف
set-up-this-device = إعداد هذا الجهاز
sealing-it-on-this-phone = جارٍ ختمها على هذا الهاتف…
take-photo = التقاط صورة
add-photo-or-document = إضافة صورة أو مستند
where-and-when-a-photo = يُحذف من الصورة مكان التقاطها ووقته. والملاحظة لا تنتظرها.
title = العنوان
saved-on-this-phone = محفوظ على هذا الهاتف
received = استُلم
needs-you = يحتاج إليك
it-is-larger-than-25 = حجمه أكبر من 25 ميغابايت.
remove-it-here-and-attach = احذفه هنا، وأرفق ملفًا أصغر مع إضافة إلى الملاحظة.
the-server-cannot-read = لا يستطيع الخادم قراءته كصورة أو PDF.
look-at = انظر إليه. إن استطعت رؤيته فحاول من جديد؛ وإلا فاحذفه.
the-photo-still-says = ما زالت الصورة تذكر أين أو متى التُقطت.
update-doorstep-and-try-again = حدّث Doorstep وحاول من جديد.
the-server-knows-something-else = يعرف الخادم شيئًا آخر بهذا الرقم.
try-again-if-it-stays = حاول من جديد. إن بقي هنا فأخبر مشرفك.
it-did-not-arrive = لم يصل كما التُقط: جزء منه تالف على هذا الهاتف.
try-again-if-it-stays-here = حاول من جديد. إن بقي هنا فاحذفه والتقطه مرة أخرى.
the-server-did-not-take = لم يقبله الخادم.
this-is-no-photo = هذه ليست صورة أو ملف PDF يمكن قراءته هنا. اختر صورة JPEG أو PNG أو WebP أو ملف PDF
this-is-larger-than-25 = حجمه أكبر من 25 ميغابايت. اختر ملفًا أصغر
this-phone-has-no-room = لا مساحة له على هذا الهاتف. يمكن توقيع الملاحظة بدونه؛ أفرغ بعض المساحة وحاول من جديد
it-is = لم يعد على هذا الهاتف ولا يوجد اتصال. حاول من جديد عند الاتصال
it-has-not-arrived = لم يصل إلى الخادم بعد
it-is-damaged = هو تالف: ليس ما أُرفق بالملاحظة
this-phone-could-not-do-it-now = لم يستطع هذا الهاتف ذلك الآن. حاول من جديد
photo = صورة
on-its-way = في الطريق
close = إغلاق
open = فتح
save-a-copy = حفظ نسخة من ملف PDF
the-copy-lies-unsealed-among = النسخة غير مختومة ضمن تنزيلات هذا الجهاز. احذفها بعد قراءتها.
the-note-is-not-touched = الملاحظة نفسها لا تتأثر بذلك.
saved-and-partly-sent = محفوظ على هذا الهاتف – أُرسل { NUMBER($sent) } من { NUMBER($all) }
sending-part = جارٍ إرسال { NUMBER($sent) } من { NUMBER($all) }
kind-and-size = { $kind }، { $size }
set-up-to-attach = تُحفظ الصور والمستندات مختومة حتى تُرسل. { $link } لإرفاقها.
at-most-10 = { $name }: للملاحظة 10 صور ومستندات على الأكثر. اكتب إضافة لما تبقى.
not-taken = { $name }: { $problem }.
not-here-any-more = { $name }: لم يعد على هذا الهاتف. أضفه من جديد.
shared-waits = { NUMBER($count) ->
    [zero] لا شيء ينتظر من تطبيق آخر
    [one] صورة أو مستند من تطبيق آخر ينتظر
    [two] صورتان أو مستندان من تطبيق آخر ينتظران
    [few] { NUMBER($count) } صور أو مستندات من تطبيق آخر تنتظر
    [many] { NUMBER($count) } صورة أو مستندًا من تطبيق آخر تنتظر
   *[other] { NUMBER($count) } صورة أو مستند من تطبيق آخر تنتظر
}
open-the-client-it-belongs-to = افتح العميل الذي يخصه، واكتب ملاحظة، وأضفه هناك. يبقى حتى ذلك الحين في هذه الصفحة فقط.
do-not-add-it = لا تضفه
add-what-was-shared = { NUMBER($count) ->
    [zero] لا شيء لإضافته
    [one] أضف ما شاركه التطبيق الآخر
    [two] أضف الاثنين اللذين شاركهما التطبيق الآخر
    [few] أضف { NUMBER($count) } مما شاركه التطبيق الآخر
    [many] أضف { NUMBER($count) } مما شاركه التطبيق الآخر
   *[other] أضف { NUMBER($count) } مما شاركه التطبيق الآخر
}
