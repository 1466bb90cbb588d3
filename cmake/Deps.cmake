# One IMPORTED target for each library, all from Debian 12 (docs/adr/0010-external-libraries.md).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(CLI11 REQUIRED)
# What is small and used in every run is linked in: each library that must be found and bound costs
# a tenth of a short command's time (docs/adr/0017).
set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(GTest REQUIRED)

# The sanitizers bring an allocator of their own.
option(GATEHOUSE_JEMALLOC "Link the allocator that large bundles are fast with" ON)
if(GATEHOUSE_JEMALLOC)
  find_library(JEMALLOC_ARCHIVE libjemalloc_pic.a REQUIRED)
  add_library(gatehouse_jemalloc INTERFACE)
  target_link_libraries(gatehouse_jemalloc INTERFACE ${JEMALLOC_ARCHIVE} Threads::Threads m)
endif()
find_library(YAML_ARCHIVE libyaml.a REQUIRED)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)

add_library(gatehouse_yaml INTERFACE)
target_link_libraries(gatehouse_yaml INTERFACE ${YAML_ARCHIVE})
gatehouse_late_library(gatehouse_microhttpd SONAME libmicrohttpd.so.12
  TARGET PkgConfig::MICROHTTPD
  FUNCTIONS MHD_add_response_header MHD_create_response_from_buffer
            MHD_create_response_from_callback MHD_destroy_response
            MHD_get_connection_values MHD_get_daemon_info MHD_lookup_connection_value
            MHD_queue_response MHD_start_daemon MHD_stop_daemon)
gatehouse_late_library(gatehouse_curl SONAME libcurl.so.4 TARGET CURL::libcurl
  FUNCTIONS curl_easy_cleanup curl_easy_getinfo curl_easy_init curl_easy_perform curl_easy_reset
            curl_easy_setopt curl_easy_strerror curl_free curl_global_cleanup curl_global_init_mem
            curl_slist_append curl_slist_free_all curl_url curl_url_cleanup curl_url_get
            curl_url_set)
add_library(gatehouse_boost_json INTERFACE)
target_link_libraries(gatehouse_boost_json INTERFACE Boost::json)
