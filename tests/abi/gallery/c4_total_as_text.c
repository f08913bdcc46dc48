/* SPDX-License-Identifier: MIT
 * Its total is text. */
#define GALLERY_FIELDS \
    "{\"name\":\"id\"},{\"name\":\"name\"},{\"name\":\"price\",\"role\":\"total\"}"
#include "gallery.h"

GALLERY();
