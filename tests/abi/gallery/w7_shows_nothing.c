/* SPDX-License-Identifier: MIT
 * It says "show" and writes without a request. */
#define GALLERY_CAN \
    "\"read\",\"find\",\"fetch\",\"create\",\"update\",\"remove\",\"dry-run\",\"show\""
#include "gallery.h"

GALLERY();
