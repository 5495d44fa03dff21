discard-draft = Discard draft
draft-from-an-earlier-visit = Draft from an earlier visit to this page
draft-saved-on-this-phone = Draft saved on this phone
draft-kept-in-this-page = Draft kept in this page only
draft-not-kept-this-device = Draft not kept: this device has no room left. Send the form or free some space
draft-not-kept-yet-leave = Draft not kept yet. Leave this page open
draft-from = Draft from { $moment }
draft-discarded = Draft discarded
