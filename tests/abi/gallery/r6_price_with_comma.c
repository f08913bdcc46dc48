/* SPDX-License-Identifier: MIT
 * Its prices are written with a comma. */
#define GALLERY_PRICE "1,50"
#include "gallery.h"

GALLERY();
