#include "core/md5.h"

#include <openssl/evp.h>

#include <array>

#include "core/error.h"

namespace rowferry {

namespace {

EVP_MD_CTX* raw(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

void Md5::Free::operator()(void* context) const {
  EVP_MD_CTX_free(raw(context));
}

Md5::Md5() : context_(EVP_MD_CTX_new()) {
  begin();
}

void Md5::begin() {
  if (context_ && EVP_DigestInit_ex(raw(context_.get()), EVP_md5(), nullptr) == 1) return;
  throw Error(ErrorKind::unsupported, "digest.md5", "this system forbids MD5")
      .hint("rows are compared without it where both ends are files, or with a policy that has it");
}

void Md5::add(std::string_view bytes) {
  EVP_DigestUpdate(raw(context_.get()), bytes.data(), bytes.size());
}

std::string Md5::take() {
  constexpr const char* kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  EVP_DigestFinal_ex(raw(context_.get()), bytes.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[bytes.at(i) >> 4];
    text += kDigits[bytes.at(i) & 15];
  }
  begin();
  return text;
}

}  // namespace rowferry
