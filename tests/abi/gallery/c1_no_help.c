/* SPDX-License-Identifier: MIT
 * A setting has no words for people. */
#define GALLERY_SETTINGS \
    "{\"name\":\"source\",\"type\":\"choice\",\"values\":[\"peer\",\"memory\"]," \
    "\"default\":\"peer\",\"help\":\"Where records come from.\"}," \
    "{\"name\":\"url\",\"type\":\"url\",\"required\":true,\"help\":\"The service.\"}," \
    "{\"name\":\"token\",\"required\":true,\"secret\":true,\"help\":\"The login.\"}," \
    "{\"name\":\"note\"}"
#include "gallery.h"

GALLERY();
