/* SPDX-License-Identifier: MIT
 * A field of the version before is gone. */
#define GALLERY_FIELDS \
    "{\"name\":\"id\"},{\"name\":\"name\"}"
#include "gallery.h"

GALLERY();
