# Theatrum for one user of a Windows computer: no administrator, no network. Compile with
#   makensis -DVERSION=0.1.0 -DSOURCE=dist\theatrum -DOUT=dist\theatrum-0.1.0-setup.exe packaging/windows/theatrum.nsi
# The folder that SOURCE names holds theatrum.exe (command line) and theatrumw.exe (window, without a console).
# Silent: setup.exe /S, and "uninstall.exe" /S. Cases and settings are never touched.
Target amd64-unicode
Unicode true
!ifndef VERSION | SOURCE | OUT
  !error "Give -DVERSION=, -DSOURCE= and -DOUT="
!endif
Name "Theatrum ${VERSION}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Theatrum"
SetCompressor /SOLID lzma
ShowInstDetails nevershow
BrandingText "Research use only. Not a medical device."
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Theatrum"
!define KIND "Theatrum.Case"

Section
  # the new files lie beside the old ones until all are there
  RMDir /r "$INSTDIR\next"
  SetOutPath "$INSTDIR\next"
  ClearErrors
  File /r "${SOURCE}\*.*"
  IfErrors broken
  IfFileExists "$INSTDIR\program\*.*" 0 fresh
  RMDir /r "$INSTDIR\previous"
  SetOutPath "$INSTDIR"
  Rename "$INSTDIR\program" "$INSTDIR\previous"
  IfErrors broken
fresh:
  SetOutPath "$INSTDIR"
  Rename "$INSTDIR\next" "$INSTDIR\program"
  IfErrors back
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Theatrum.lnk" "$INSTDIR\program\theatrumw.exe" "gui"
  WriteRegStr HKCU "Software\Classes\.theatrum" "" "${KIND}"
  WriteRegStr HKCU "Software\Classes\${KIND}" "" "Theatrum case"
  WriteRegStr HKCU "Software\Classes\${KIND}\DefaultIcon" "" "$INSTDIR\program\theatrumw.exe,0"
  WriteRegStr HKCU "Software\Classes\${KIND}\shell\open\command" "" '"$INSTDIR\program\theatrumw.exe" gui "%1"'
  WriteRegStr HKCU "Software\Classes\Directory\shell\Theatrum" "" "Look for scans with Theatrum"
  WriteRegStr HKCU "Software\Classes\Directory\shell\Theatrum\command" "" '"$INSTDIR\program\theatrumw.exe" gui "%1"'
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Theatrum"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Theatrum authors"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  Goto done
back:
  Rename "$INSTDIR\previous" "$INSTDIR\program"
broken:
  RMDir /r "$INSTDIR\next"
  SetErrorLevel 3
  MessageBox MB_OK|MB_ICONSTOP "Theatrum could not be installed. Close it if it is running, see whether the disk is full, and try again." /SD IDOK
  Abort
done:
SectionEnd

Section "Uninstall"
  Delete "$SMPROGRAMS\Theatrum.lnk"
  # only what this installer wrote: somebody may have given the ending to another program since
  ReadRegStr $0 HKCU "Software\Classes\.theatrum" ""
  StrCmp $0 "${KIND}" 0 +2
  DeleteRegKey HKCU "Software\Classes\.theatrum"
  DeleteRegKey HKCU "Software\Classes\${KIND}"
  DeleteRegKey HKCU "Software\Classes\Directory\shell\Theatrum"
  DeleteRegKey HKCU "${UNINSTALL}"
  RMDir /r "$INSTDIR\program"
  RMDir /r "$INSTDIR\previous"
  RMDir /r "$INSTDIR\next"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
