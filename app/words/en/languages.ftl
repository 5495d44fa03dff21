name = { $tag ->
    [am] Amharic
    [ar] Arabic
    [ase] American Sign Language
    [bn] Bengali
    [bs] Bosnian
    [cmn] Mandarin
    [de] German
    [en] English
    [es] Spanish
    [fa] Persian
    [fr] French
    [gu] Gujarati
    [hi] Hindi
    [hmn] Hmong
    [ht] Haitian Creole
    [hy] Armenian
    [it] Italian
    [ja] Japanese
    [kea] Cape Verdean Creole
    [km] Khmer
    [ko] Korean
    [ku] Kurdish
    [lo] Lao
    [mam] Mam
    [my] Burmese
    [ne] Nepali
    [om] Oromo
    [pa] Punjabi
    [pl] Polish
    [prs] Dari
    [ps] Pashto
    [pt] Portuguese
    [quc] K'iche'
    [ro] Romanian
    [ru] Russian
    [rw] Kinyarwanda
    [so] Somali
    [sw] Swahili
    [th] Thai
    [ti] Tigrinya
    [tl] Tagalog
    [tr] Turkish
    [uk] Ukrainian
    [ur] Urdu
    [vi] Vietnamese
    [yi] Yiddish
    [yue] Cantonese
    [zh] Chinese
   *[other] { $tag }
}
