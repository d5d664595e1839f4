# Debian packages by purpose; sourced by install.sh. Everything comes from Debian 12 by name.

# What the service needs to be built and to run.
build_packages=(
    gcc libc6-dev meson ninja-build pkg-config python3 python3-yaml ca-certificates
    libglib2.0-dev libglib2.0-bin libmicrohttpd-dev libsqlite3-dev libsodium-dev libssl-dev nettle-dev libjansson-dev libnice-dev
    libseccomp-dev
    libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good
    libvpx-dev libopus-dev libyuv-dev
    libpango1.0-dev libcairo2-dev libqrencode-dev liblcms2-dev libarchive-dev libcurl4-openssl-dev fonts-noto-cjk
    openssl qrencode iproute2 curl
)

# Faster AES-GCM, where the processor is one for it; OpenSSL's otherwise.
[ "$(dpkg --print-architecture)" != amd64 ] || build_packages+=(libipsec-mb-dev)

# What the test suites need besides.
test_packages=(
    check git coturn libsrtp2-dev clang libclang-rt-dev ffmpeg espeak-ng chromium firefox-esr fonts-wqy-microhei gstreamer1.0-tools sqlite3 procps
    poppler-utils qpdf minisign unzip
)

# The log's other client (tests/tlog).
tlog_packages=(golang-go golang-golang-x-mod-dev)

# What the benchmark needs besides (tests/bench/calls.sh).
bench_packages=(nginx-light janus janus-tools libsrtp2-dev make util-linux)
