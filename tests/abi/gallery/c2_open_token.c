/* SPDX-License-Identifier: MIT
 * Its token is no secret. */
#define GALLERY_SETTINGS \
    "{\"name\":\"source\",\"type\":\"choice\",\"values\":[\"peer\",\"memory\"]," \
    "\"default\":\"peer\",\"help\":\"Where records come from.\"}," \
    "{\"name\":\"url\",\"type\":\"url\",\"required\":true,\"help\":\"The service.\"}," \
    "{\"name\":\"token\",\"required\":true,\"help\":\"The login.\"}," \
    "{\"name\":\"note\",\"help\":\"A word.\"}"
#include "gallery.h"

GALLERY();
