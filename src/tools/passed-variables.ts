/**
 * The variables that every command gets when they are set, by what they are for. A variable is here when programs that
 * people build with need it, it opens no door by itself, and its value names nothing that would run unasked. So these are
 * not, and the setting `commandEnvironment` can name them:
 *
 * - SSH_AUTH_SOCK, GPG_AGENT_INFO, DOCKER_HOST, KUBECONFIG, AWS_PROFILE and their like: they let a command act as the user.
 * - DBUS_SESSION_BUS_ADDRESS, DISPLAY, WAYLAND_DISPLAY, XAUTHORITY, TMUX, STY: whoever has them can start programs in the
 *   session of the user, and type into its windows and terminals.
 * - GIT_DIR, GIT_SSH_COMMAND and the rest of GIT_*: they lead git elsewhere, or name what it starts.
 * - MAKEFLAGS: it can hold code, and when Victor itself was started by make it names descriptors that are not there.
 * - DATABASE_URL and whatever an application calls its own: nobody else knows what it opens.
 */
const names: Readonly<Record<string, string>> = {
  // Where things are, and for whom. Colours, pager and editor are set for every command, and bash makes PWD.
  person: 'PATH HOME USER LOGNAME SHELL HOSTNAME TMPDIR TMP TEMP MANPATH INFOPATH TERMINFO COLUMNS LINES',
  language: 'LANG LANGUAGE TZ TZDIR LOCALE_ARCHIVE',
  // Who a commit is by.
  git: 'GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL',
  // How an application is started: words that it compares, such as production.
  mode: 'CI CONTINUOUS_INTEGRATION GITHUB_ACTIONS GITLAB_CI NODE_ENV RAILS_ENV RACK_ENV APP_ENV SOURCE_DATE_EPOCH',
  // Through what, and trusting whom. A password in the address of a proxy is taken out.
  network:
    'HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy ftp_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NIX_SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE PIP_CERT GIT_SSL_CAINFO NODE_EXTRA_CA_CERTS',
  // Tool chains: where they are installed, which version counts, where they look for packages and keep what they fetched.
  node: 'NVM_DIR NVM_BIN NVM_INC FNM_DIR FNM_MULTISHELL_PATH VOLTA_HOME N_PREFIX NODE_PATH PNPM_HOME COREPACK_HOME BUN_INSTALL DENO_DIR DENO_INSTALL PLAYWRIGHT_BROWSERS_PATH CHROME_BIN',
  python:
    'VIRTUAL_ENV PYENV_ROOT PYENV_VERSION PYTHONPATH PYTHONHOME PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONUTF8 PYTHONHASHSEED PIP_CACHE_DIR POETRY_HOME PIPENV_VENV_IN_PROJECT UV_PYTHON UV_CACHE_DIR',
  ruby: 'RBENV_ROOT RBENV_VERSION GEM_HOME GEM_PATH BUNDLE_PATH BUNDLE_GEMFILE',
  java: 'JAVA_HOME JDK_HOME CLASSPATH GRADLE_HOME GRADLE_USER_HOME MAVEN_HOME M2_HOME SDKMAN_DIR ANDROID_HOME ANDROID_SDK_ROOT ANDROID_NDK_HOME KOTLIN_HOME',
  go: 'GOPATH GOROOT GOBIN GOCACHE GOMODCACHE GOFLAGS GOOS GOARCH GOARM GOAMD64 GO111MODULE GOWORK GOTOOLCHAIN GOPROXY GOSUMDB GOPRIVATE GONOPROXY GONOSUMDB GOMAXPROCS CGO_ENABLED CGO_CFLAGS CGO_LDFLAGS',
  rust: 'CARGO_HOME CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_BUILD_JOBS CARGO_INCREMENTAL RUSTUP_HOME RUSTUP_TOOLCHAIN RUSTFLAGS RUSTDOCFLAGS RUST_BACKTRACE RUST_LOG',
  // The compiler that a build asks for is what runs, under its own name.
  c: 'CC CXX CPP LD AR AS NM RANLIB STRIP OBJCOPY CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LIBS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR ACLOCAL_PATH CCACHE_DIR SDKROOT DEVELOPER_DIR MACOSX_DEPLOYMENT_TARGET CUDA_HOME CUDA_PATH CUDA_VISIBLE_DEVICES',
  others:
    'DOTNET_ROOT DOTNET_CLI_HOME DOTNET_CLI_TELEMETRY_OPTOUT NUGET_PACKAGES PERL5LIB COMPOSER_HOME R_LIBS R_LIBS_USER JULIA_DEPOT_PATH OPAMROOT OPAM_SWITCH_PREFIX HOMEBREW_PREFIX HOMEBREW_CELLAR HOMEBREW_REPOSITORY NIX_PATH NIX_PROFILES ASDF_DIR ASDF_DATA_DIR',
};

const passed = new Set(Object.values(names).flatMap((list) => list.split(' ')));
const beginnings = ['LC_', 'XDG_', 'CONDA_', 'CMAKE_', 'MISE_'];

export function isPassedVariable(name: string): boolean {
  return passed.has(name) || beginnings.some((one) => name.startsWith(one));
}
