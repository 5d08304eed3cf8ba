#pragma once

#include <string>

#include "core/url.h"

namespace rowferry::sqlite {

// The absolute path that "sqlite:path", "sqlite://path" or "sqlite:///path" means. Throws
// Error{usage} when there is none.
std::string path_of(const Url& url);

// The same text for every way of naming the same file.
std::string identity_of(const std::string& path);

// Why `path` cannot be opened, as the error to throw; `create`: it need not exist.
void check_openable(const std::string& path, bool create);

}  // namespace rowferry::sqlite
