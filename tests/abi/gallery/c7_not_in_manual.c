/* SPDX-License-Identifier: MIT
 * The manual page knows nothing of a setting. */
#define GALLERY_SETTINGS \
    "{\"name\":\"source\",\"type\":\"choice\",\"values\":[\"peer\",\"memory\"]," \
    "\"default\":\"peer\",\"help\":\"Where records come from.\"}," \
    "{\"name\":\"url\",\"type\":\"url\",\"required\":true,\"help\":\"The service.\"}," \
    "{\"name\":\"token\",\"required\":true,\"secret\":true,\"help\":\"The login.\"}," \
    "{\"name\":\"note\",\"help\":\"A word.\"}," \
    "{\"name\":\"warehouse\",\"help\":\"Where it is kept.\"}"
#include "gallery.h"

GALLERY();
