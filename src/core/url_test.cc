#include "core/url.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace rowferry {
namespace {

struct Case {
  const char* text;
  const char* printed;
  const char* password;
};

TEST(Url, KeepsThePasswordApart) {
  for (const Case& c : std::initializer_list<Case>{
           {"postgres://ann@host:5432/db", "postgres://ann@host:5432/db", ""},
           {"postgres://ann:secret@host:5432/db", "postgres://ann@host:5432/db", "secret"},
           {"postgres://ann:p%40ss%3A%2f@host/db", "postgres://ann@host/db", "p@ss:/"},
           {"postgres://ann:a:b@host/db", "postgres://ann@host/db", "a:b"},
           {"postgres://ann:a@b@host/db", "postgres://ann@host/db", "a@b"},
           {"postgres://ann:@host/db", "postgres://ann@host/db", ""},
           {"postgres://ann:x@host?sslmode=require", "postgres://ann@host?sslmode=require", "x"},
           {"postgres://host:5432/db?a=b@c", "postgres://host:5432/db?a=b@c", ""},
           {"postgres:///db?host=/run&password=secret", "postgres:///db?host=/run", "secret"},
           {"postgres:///db?password=secret&host=/run", "postgres:///db?host=/run", "secret"},
           {"postgres:///db?password=secret", "postgres:///db", "secret"},
           {"postgres:///db?sslpassword=other", "postgres:///db?sslpassword=other", ""},
           {"sqlite:shop.db", "sqlite:shop.db", ""},
           {"sqlite:/data/a:b@c.db", "sqlite:/data/a:b@c.db", ""}}) {
    const Url url = parse_url(c.text);
    EXPECT_EQ(url.text(), c.printed);
    EXPECT_EQ(url.password.reveal(), c.password) << c.text;
  }
}

TEST(Url, NeedsAScheme) {
  for (const char* text :
       {"", "shop.db", "/tmp/shop.db", ":x", "c:shop.db", "user@host/db", "-t:x"}) {
    EXPECT_THROW(parse_url(text), Error) << text;
  }
}

TEST(Url, ErrorsDoNotShowPasswords) {
  try {
    parse_url("user@host:secret");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.line().find("secret"), std::string::npos) << error.line();
  }
}

}  // namespace
}  // namespace rowferry

namespace rowferry {
namespace {

TEST(Url, RefusesAPasswordThatWouldBeReadAsAPath) {
  EXPECT_THROW(parse_url("postgres://ann:se/cret@host/db"), Error);
  EXPECT_EQ(parse_url("postgres://ann@host:5432/d@b").text(), "postgres://ann@host:5432/d@b");
}

}  // namespace
}  // namespace rowferry
