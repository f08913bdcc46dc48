/* SPDX-License-Identifier: MIT
 * An object must be given, and nothing says what is in it. */
#define GALLERY_FIELDS \
    "{\"name\":\"id\"},{\"name\":\"name\"}," \
    "{\"name\":\"price\",\"type\":\"decimal\",\"role\":\"total\"}," \
    "{\"name\":\"lines\",\"type\":\"object\",\"required\":true}"
#include "gallery.h"

GALLERY();
