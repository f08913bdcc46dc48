/* SPDX-License-Identifier: MIT
 * It is looked up before it is made, and nothing says by what. */
#define GALLERY_REPEAT "\"repeat\":\"lookup\","
#include "gallery.h"

GALLERY();
