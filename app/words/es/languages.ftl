name = { $tag ->
    [am] amárico
    [ar] árabe
    [ase] lengua de señas americana
    [bn] bengalí
    [bs] bosnio
    [cmn] mandarín
    [de] alemán
    [en] inglés
    [es] español
    [fa] persa
    [fr] francés
    [gu] guyaratí
    [hi] hindi
    [hmn] hmong
    [ht] criollo haitiano
    [hy] armenio
    [it] italiano
    [ja] japonés
    [kea] criollo caboverdiano
    [km] jemer
    [ko] coreano
    [ku] kurdo
    [lo] lao
    [mam] mam
    [my] birmano
    [ne] nepalí
    [om] oromo
    [pa] panyabí
    [pl] polaco
    [prs] darí
    [ps] pastún
    [pt] portugués
    [quc] quiché
    [ro] rumano
    [ru] ruso
    [rw] kiñaruanda
    [so] somalí
    [sw] suajili
    [th] tailandés
    [ti] tigriña
    [tl] tagalo
    [tr] turco
    [uk] ucraniano
    [ur] urdu
    [vi] vietnamita
    [yi] yidis
    [yue] cantonés
    [zh] chino
   *[other] { $tag }
}
