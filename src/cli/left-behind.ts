/**
 * Names that version control, an editor or the desktop leaves behind in a directory that nobody has put anything into yet;
 * README, LICENSE and .gitignore because GitHub makes them with a new repository. The case of letters does not count.
 */
const NAMES: readonly RegExp[] = [
  // Version control.
  /^\.(git|hg|svn|bzr|jj|pijul|sl)$/,
  /^(_darcs|cvs|\.fslckout|_fossil_)$/,
  /^\.(git|hg)(ignore|attributes|keep)$/,
  /^\.(keep|mailmap|git-blame-ignore-revs)$/,
  // GitHub's and GitLab's page for a new repository.
  /^readme(\.\w+)?$/,
  /^(un)?licen[cs]e(\.\w+|-(mit|apache|bsd|l?gpl|mpl|cc)[\w.-]*)?$/,
  /^copying(\.\w+)?$/,
  // Editors.
  /^\.(idea|vscode|vs|fleet|zed|nova|atom|history|cursor|settings|metadata)$/,
  /^\.(project|classpath|buildpath|editorconfig|dir-locals\.el|netrwhist)$/,
  /^(nbproject|xcuserdata)$/,
  /\.(iml|ipr|iws|code-workspace|sublime-(project|workspace)|swp|swo|swn|un~)$/,
  /^(\.#.*|#.*#|.*~)$/,
  // Desktops, file synchronisation and network disks.
  /^\._/,
  /^\.(ds_store|apple(double|db|desktop)|lsoverride|localized|spotlight-v100|trashes|fseventsd|temporaryitems)$/,
  /^(\.volumeicon\.icns|\.documentrevisions-v100|\.com\.apple\.timemachine\.\w+|icon\r)$/,
  /^((ehthumbs|ehthumbs_vista|thumbs)\.db(:encryptable)?|desktop\.ini|\$recycle\.bin|system volume information)$/,
  /^(\.directory|\.trash(-\d+)?|lost\+found|\.nfs[0-9a-f]+|\.fuse_hidden\w+|\.~lock\..*#)$/,
  /^(\.dropbox(\.\w+)?|\.st(folder|ignore|versions)|@eadir|#recycle)$/,
];

/** Whether an entry of a directory was left by a program, not put there by its owner. */
export function isLeftBehind(name: string): boolean {
  return NAMES.some((pattern) => pattern.test(name.toLowerCase()));
}
